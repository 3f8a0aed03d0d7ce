"""What people do with the sceptical reviewer: let a finding stand, score an 8D, record the customer's scores."""
